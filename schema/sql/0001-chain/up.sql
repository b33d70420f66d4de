create schema chain;

-- One row a chain: where its ingestor stands. Every writer locks it first and shows the epoch it was given, so that an
-- ingestor that lost its place cannot write any more.
create table chain.cursor (
    chain_id         bigint primary key,
    genesis_hash     bytea  not null check (length(genesis_hash) = 32),
    start_number     bigint not null check (start_number >= 0),
    head_number      bigint not null,
    head_hash        bytea  not null check (length(head_hash) = 32),
    finalized_number bigint not null,
    promoted_number  bigint not null,
    epoch            bigint not null default 0,
    halt_reason      text,
    halted_at        timestamptz,
    check (start_number <= promoted_number and promoted_number <= finalized_number and finalized_number <= head_number),
    check ((halt_reason is null) = (halted_at is null))
);

-- Orphaned blocks stay, with their logs: what was once seen can be shown later.
create table chain.block (
    chain_id    bigint not null references chain.cursor,
    number      bigint not null,
    hash        bytea  not null check (length(hash) = 32),
    parent_hash bytea  not null check (length(parent_hash) = 32),
    timestamp   bigint not null,
    status      text   not null check (status in ('head', 'finalized', 'orphaned')),
    primary key (chain_id, hash)
);

create unique index block_canonical on chain.block (chain_id, number) where status <> 'orphaned';

create index block_unfinalized on chain.block (chain_id, number) where status = 'head';

create table chain.log (
    chain_id     bigint  not null,
    block_number bigint  not null,
    block_hash   bytea   not null,
    tx_hash      bytea   not null check (length(tx_hash) = 32),
    tx_index     integer not null,
    log_index    integer not null,
    address      bytea   not null check (length(address) = 20),
    topics       bytea[] not null,
    data         bytea   not null,
    promoted     boolean not null default false,
    primary key (chain_id, block_hash, log_index),
    foreign key (chain_id, block_hash) references chain.block (chain_id, hash)
);

create index log_by_topic on chain.log (chain_id, address, (topics[1]), block_number, log_index);

create index log_unpromoted on chain.log (chain_id, block_number) where not promoted;

-- An address is followed at the head once its past is complete; until then next_block says how far that has come.
create table chain.watch (
    chain_id   bigint  not null,
    address    bytea   not null check (length(address) = 20),
    from_block bigint  not null check (from_block >= 0),
    next_block bigint  not null,
    backfilled boolean not null default false,
    primary key (chain_id, address)
);
