-- Keys of programs: each acts for one account in one space, and may ask only for the mutations that it names. Rows are never deleted.
create table access.api_key (
  id          text primary key,
  space       text not null,
  token_hash  bytea not null unique check (length(token_hash) = 32),
  account     bytea not null check (length(account) = 20),
  name        text not null,
  scopes      text[] not null,
  created_at  timestamptz not null,
  expires_at  timestamptz not null,
  revoked_at  timestamptz,
  used_at     timestamptz
);

create index api_key_account on access.api_key (space, account);
