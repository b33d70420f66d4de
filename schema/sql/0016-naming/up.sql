-- The transactions of a long past that name any of some topics beyond the first, or begin with one of some first topics. As with
-- is_named_before, each is asked alone, so that the filters are used.
create function chain.naming(of_chain bigint, asked bytea[], firsts bytea[], from_block bigint, to_block bigint)
    returns table (block_number bigint, block_id bigint, tx_index integer) stable language sql set enable_seqscan = off as $$
    select distinct l.block_number, l.block_id, l.tx_index from (
        select found.* from unnest(asked) as topic cross join lateral (
            select * from (select * from chain.log where substring(topics from 1 for 32) = topic offset 0) first
            union all
            select * from (select * from chain.log where substring(topics from 33 for 32) = topic offset 0) second
            union all
            select * from (select * from chain.log where substring(topics from 65 for 32) = topic offset 0) third
        ) found
        union all
        select found.* from unnest(firsts) as topic cross join lateral (select * from chain.log where topic0 = topic offset 0) found
    ) l
    where l.chain_id = of_chain and l.block_number between from_block and to_block
$$;
