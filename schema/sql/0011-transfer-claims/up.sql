-- A transfer that people name as evidence stands for one thing, in whatever space: for a deposit, or for its return.
create table chain.transfer_claim (
  chain_id    bigint not null,
  block_hash  bytea not null check (length(block_hash) = 32),
  log_index   integer not null,
  space       text not null,
  purpose     text not null,
  primary key (chain_id, block_hash, log_index)
);
