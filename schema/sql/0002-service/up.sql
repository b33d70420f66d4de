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
  proposal    bytea not null check (length(proposal) = 32),
  account     bytea not null check (length(account) = 20),
  power       numeric(78) not null check (power > 0),
  primary key (proposal, account)
);

create table voting.ballot_window (
  proposal       bytea primary key check (length(proposal) = 32),
  space          text not null,
  proposal_hash  bytea not null check (length(proposal_hash) = 32),
  snapshot_hash  bytea not null check (length(snapshot_hash) = 32),
  opens_at       timestamptz not null,
  closes_at      timestamptz not null,
  closed         boolean not null default false,
  ballot_count   bigint not null default 0
);

create table voting.ballot (
  proposal    bytea not null check (length(proposal) = 32),
  voter       bytea not null check (length(voter) = 20),
  nonce       numeric(78) not null,
  choice      text not null,
  power       numeric(78) not null,
  log_index   bigint not null,
  digest      bytea not null check (length(digest) = 32),
  primary key (proposal, voter)
);
