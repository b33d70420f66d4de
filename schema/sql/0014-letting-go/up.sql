-- Raw logs far below the promoted block may be let go, by the tables that hold them, and are read again where somebody needs them.
alter table chain.watch
    add column told_from   bigint, -- Logs from here on were promoted before some were let go: read again, they are nobody's news.
    add column kept_from   bigint, -- Logs below are not here; null where none is missing.
    add column recall_from bigint, -- Logs from here to kept_from are to be read again; null where nobody needs them.
    add column recall_next bigint; -- The next block to read of these.

-- Whom logs name that were let go, and the first block of these: who is new to the chain is told by it.
create table chain.named (
    chain_id    bigint not null,
    account     bytea  not null,
    first_block bigint not null,
    primary key (chain_id, account)
);

create function chain.range_width() returns bigint immutable language sql as 'select 250000::bigint';

create or replace function chain.make_room(of_chain bigint, first_block bigint, last_block bigint) returns void language plpgsql as $$
declare
    width constant bigint := chain.range_width();
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

-- The ranges of blocks of which a chain's logs are stored, by their first block.
create function chain.ranges(of_chain bigint) returns setof bigint stable language sql as $$
    select substring(c.relname from '_(\d+)$')::bigint from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'chain.log'::regclass and starts_with(c.relname, format('log_%s_', of_chain)) order by 1
$$;

-- Lets go of a range's logs, but for those of some addresses, which move to a table in its place; answers how many are gone.
create function chain.let_go(of_chain bigint, start bigint, but_of bytea[]) returns bigint language plpgsql as $$
declare
    range constant text := format('log_%s_%s', of_chain, start);
    gone bigint;
    kept bigint;
begin
    execute format('lock table chain.%I in share mode', range);
    execute format('select count(*) filter (where address <> all ($1)), count(*) filter (where address = any ($1)) from chain.%I', range)
        into gone, kept using but_of;
    if gone = 0 then
        return 0;
    end if;
    execute format(
        'insert into chain.named (chain_id, account, first_block)
         select $1, substring(l.topics from 13 + 32 * place for 20) as account, min(l.block_number)
         from chain.%I l, generate_series(0, 2) as place
         where length(l.topics) >= 32 * (place + 1) and substring(l.topics from 1 + 32 * place for 12) = decode(repeat(''00'', 12), ''hex'')
         group by account
         on conflict (chain_id, account) do update set first_block = least(chain.named.first_block, excluded.first_block)', range)
        using of_chain;
    execute format('alter table chain.log detach partition chain.%I', range);
    execute format('alter table chain.%I rename to %I', range, range || '_gone');
    if kept > 0 then
        perform chain.make_room(of_chain, start, start);
        execute format('insert into chain.log select * from chain.%I where address = any ($1)', range || '_gone') using but_of;
    end if;
    execute format('drop table chain.%I', range || '_gone');
    return gone;
end
$$;
