-- The ballots' Merkle log (RFC 6962), one a space. Whoever appends holds the space's row: it is the order of the space.
create table voting.log (
  space     text primary key,
  size      bigint not null check (size >= 0),
  frontier  bytea[] not null
);

-- Roots of complete subtrees of 2^level leaves; never changed.
create table voting.log_node (
  space     text not null references voting.log,
  level     smallint not null check (level in (0, 8, 16, 24)),
  position  bigint not null check (position >= 0),
  hash      bytea not null check (length(hash) = 32),
  primary key (space, level, position)
);

-- What was signed and given away. A size is signed once.
create table voting.tree_head (
  space      text not null references voting.log,
  size       bigint not null check (size > 0),
  root       bytea not null check (length(root) = 32),
  signed_at  bigint not null,
  signature  text not null,
  primary key (space, size)
);

-- The signed result of a closed vote with the very texts that it binds: made once, the same for everybody who asks.
create table voting.certificate (
  vote        bytea primary key check (length(vote) = 32),
  terms       text not null,
  outcome     text not null,
  power_root  bytea not null check (length(power_root) = 32),
  ballots     bigint not null check (ballots >= 0),
  vote_root   bytea not null check (length(vote_root) = 32),
  approved    boolean not null,
  log_size    bigint not null check (log_size >= ballots),
  log_root    bytea not null check (length(log_root) = 32),
  signature   text not null
);
