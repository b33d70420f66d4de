-- A client's key is the client's in one space: the same one in another space is another act.
alter table api.mutation_receipt add column space text not null default '';
alter table api.mutation_receipt alter column space drop default;
alter table api.mutation_receipt drop constraint mutation_receipt_pkey, add primary key (space, actor, mutation, client_key);

-- Each space follows a governor for itself, from the block on that its own manager names.
alter table governor.source drop constraint source_chain_id_governor_fkey;
alter table governor.progress add column space text not null default '', drop constraint progress_pkey;
alter table governor.progress alter column space drop default, add primary key (chain_id, space, governor);
alter table governor.source add column space text not null default '', drop constraint source_pkey;
alter table governor.source alter column space drop default, add primary key (chain_id, space, governor, address);
alter table governor.source add foreign key (chain_id, space, governor) references governor.progress;
alter table governor.operation add column space text not null default '', drop constraint operation_pkey;
alter table governor.operation alter column space drop default, add primary key (chain_id, space, governor, operation_id);
