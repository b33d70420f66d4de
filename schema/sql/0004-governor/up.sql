create schema governor;

-- How far the logs of a registered governor contract have become events. Whoever takes it further locks the row first.
create table governor.progress (
  chain_id            bigint not null,
  governor            bytea not null check (length(governor) = 20),
  from_block          bigint not null check (from_block >= 0),
  read_at             bigint not null,
  by_timestamp        boolean not null,
  followed_number     bigint,
  followed_hash       bytea,
  followed_timestamp  bigint,
  awaited_snapshot    bigint,
  primary key (chain_id, governor)
);

-- The contracts that must be complete for it: the governor and its timelocks, whose logs are read in one order, and its token.
create table governor.source (
  chain_id    bigint not null,
  governor    bytea not null,
  address     bytea not null check (length(address) = 20),
  is_read     boolean not null,
  next_block  bigint not null,
  primary key (chain_id, governor, address),
  foreign key (chain_id, governor) references governor.progress
);

-- Whose operation it is that a timelock names.
create table governor.operation (
  chain_id      bigint not null,
  governor      bytea not null,
  operation_id  bytea not null check (length(operation_id) = 32),
  proposal_id   bytea not null check (length(proposal_id) = 32),
  primary key (chain_id, governor, operation_id)
);

-- Mints and burns alone: they are few among a token's transfers.
create index log_supply on chain.log (chain_id, address, block_number)
where topics[2] = '\x0000000000000000000000000000000000000000000000000000000000000000'
  or topics[3] = '\x0000000000000000000000000000000000000000000000000000000000000000';
