-- Sign-in (EIP-4361): nonces are used once, sessions are kept as hashes.
create schema if not exists access;

create table access.nonce (
  nonce       text primary key,
  expires_at  timestamptz not null
);

create table access.session (
  token_hash  bytea primary key,
  account     bytea not null check (length(account) = 20),
  expires_at  timestamptz not null
);

-- One row a mutation that was ever asked for: the same key and input get the same answer, for ever.
create schema if not exists api;

create table api.mutation_receipt (
  actor       bytea not null check (length(actor) = 20),
  mutation    text not null,
  client_key  text not null,
  input_hash  bytea not null check (length(input_hash) = 32),
  answered    boolean not null default false,
  code        text,
  field       text,
  message     text,
  primary key (actor, mutation, client_key)
);

-- Voting power at the snapshot block, and the ballots that count. The event store holds every ballot ever accepted;
-- these rows are what the door needs: one row a voter, ordered by the signed nonce.
create schema if not exists voting;

create table voting.power (
  vote        bytea not null check (length(vote) = 32),
  account     bytea not null check (length(account) = 20),
  power       numeric(78) not null check (power > 0),
  primary key (vote, account)
);

create table voting.ballot_window (
  vote           bytea primary key check (length(vote) = 32),
  proposal       bytea not null check (length(proposal) = 32),
  space          text not null,
  proposal_hash  bytea not null check (length(proposal_hash) = 32),
  snapshot_hash  bytea not null check (length(snapshot_hash) = 32),
  rules          jsonb not null,
  supply         numeric(78) not null,
  opens_at       timestamptz not null,
  closes_at      timestamptz not null,
  closed         boolean not null default false,
  -- When the quorums were first met; looked for only where that may extend the vote.
  quorum_met_at  timestamptz,
  -- Ballots ever accepted, and the events that hold them.
  ballot_count   bigint not null default 0,
  chunk_count    integer not null default 0,
  -- The tally's sums over all choices.
  voters         integer not null default 0,
  power          numeric not null default 0
);

create index ballot_window_proposal on voting.ballot_window (proposal);

-- The tally's other sums, by the cells that the voting system asks for.
create table voting.tally (
  vote    bytea not null check (length(vote) = 32),
  cell    text not null,
  amount  numeric not null,
  primary key (vote, cell)
);

create table voting.ballot (
  vote         bytea not null check (length(vote) = 32),
  voter        bytea not null check (length(voter) = 20),
  nonce        numeric(78) not null,
  choice       text not null,
  reason       text not null,
  power        numeric(78) not null,
  by_contract  boolean not null,
  log_index    bigint not null,
  chunk        integer not null,
  digest       bytea not null check (length(digest) = 32),
  accepted_at  timestamptz not null,
  primary key (vote, voter)
);

create index ballot_log on voting.ballot (vote, log_index);
create index ballot_power on voting.ballot (vote, power desc, log_index);
-- By a hash, because a choice may be longer than an index takes.
create index ballot_choice on voting.ballot (vote, hashtextextended(choice, 0), log_index);

-- Ballots that counted until their voter cast another: cast again, such a ballot is still the same act.
create table voting.ballot_replaced (
  vote       bytea not null check (length(vote) = 32),
  voter      bytea not null check (length(voter) = 20),
  nonce      numeric(78) not null,
  log_index  bigint not null,
  chunk      integer not null,
  digest     bytea not null check (length(digest) = 32),
  primary key (vote, voter, nonce)
);
