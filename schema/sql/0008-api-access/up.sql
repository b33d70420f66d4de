-- Secrets that all nodes have in common and nobody else: made at random by whoever needs one first.
create table api.secret (
  name   text primary key,
  value  bytea not null check (length(value) >= 32)
);
