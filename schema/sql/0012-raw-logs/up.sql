-- Raw logs by ranges of blocks: each range is a table of its own, so that what nobody needs any more goes with it at once. A log names
-- its block by a number of ours, a quarter of the hash, and its first topic apart, because that is what is looked for. Whether it was
-- promoted follows from its height, so that no row is written twice.
alter table chain.block add column id bigint generated always as identity, add constraint block_id unique (id);

alter table chain.log rename to log_before;
alter table chain.log_before rename constraint log_pkey to log_before_pkey;

create table chain.log (
    chain_id     bigint  not null,
    block_number bigint  not null,
    block_id     bigint  not null,
    log_index    integer not null,
    tx_index     integer not null,
    tx_hash      bytea   not null,
    address      bytea   not null,
    topic0       bytea,
    topics       bytea   not null, -- The others, 32 bytes each.
    data         bytea   not null,
    primary key (chain_id, block_number, block_id, log_index)
) partition by range (chain_id, block_number);

-- Makes the tables for blocks from one to another, where they are not there yet.
create function chain.make_room(of_chain bigint, first_block bigint, last_block bigint) returns void language plpgsql as $$
declare
    width constant bigint := 250000;
    start bigint;
begin
    for start in select generate_series(first_block / width, last_block / width) * width loop
        if to_regclass(format('chain.log_%s_%s', of_chain, start)) is null then
            execute format('create table chain.log_%s_%s (like chain.log including all)', of_chain, start);
            execute format(
                'alter table chain.log attach partition chain.log_%s_%s for values from (%s, %s) to (%s, %s)',
                of_chain, start, of_chain, start, of_chain, start + width);
        end if;
    end loop;
end
$$;

select chain.make_room(chain_id, min(block_number), max(block_number)) from chain.log_before group by chain_id;

insert into chain.log
select l.chain_id, l.block_number, b.id, l.log_index, l.tx_index, l.tx_hash, l.address, l.topics[1],
    coalesce(l.topics[2], '') || coalesce(l.topics[3], '') || coalesce(l.topics[4], ''), l.data
from chain.log_before l join chain.block b on b.chain_id = l.chain_id and b.hash = l.block_hash;

-- Logs of addresses that were watched late, below blocks that were promoted before: they wait here for their turn.
create table chain.late (
    chain_id     bigint  not null,
    block_number bigint  not null,
    block_id     bigint  not null,
    log_index    integer not null,
    primary key (chain_id, block_number, block_id, log_index)
);

insert into chain.late
select l.chain_id, l.block_number, b.id, l.log_index
from chain.log_before l
join chain.block b on b.chain_id = l.chain_id and b.hash = l.block_hash
join chain.cursor c on c.chain_id = l.chain_id
where not l.promoted and l.block_number <= c.promoted_number;

drop table chain.log_before;

create index log_by_topic on chain.log (address, topic0, block_number);

-- Mints and burns alone: they are few among a token's transfers.
create index log_supply on chain.log (address, block_number)
where substring(topics from 1 for 32) = '\x0000000000000000000000000000000000000000000000000000000000000000'
  or substring(topics from 33 for 32) = '\x0000000000000000000000000000000000000000000000000000000000000000';
