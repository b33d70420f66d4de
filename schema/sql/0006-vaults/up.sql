-- A vault is of the space that first opened a program on it: what it holds is promised by no other space.
create table chain.vault (
  chain_id  bigint not null,
  address   bytea not null check (length(address) = 20),
  space     text not null,
  primary key (chain_id, address)
);
