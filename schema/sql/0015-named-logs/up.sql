-- Who is new to the chain: whether any log names an account. A Bloom filter for every 32 pages of logs is 4 MiB a million logs and is
-- made after them, so that storing costs nothing more; an index of each topic would be a third of the logs themselves.
create index log_named on chain.log using brin (
    (substring(topics from 1 for 32)) bytea_bloom_ops (n_distinct_per_range = 1000, false_positive_rate = 0.001),
    (substring(topics from 33 for 32)) bytea_bloom_ops (n_distinct_per_range = 1000, false_positive_rate = 0.001),
    (substring(topics from 65 for 32)) bytea_bloom_ops (n_distinct_per_range = 1000, false_positive_rate = 0.001))
    with (pages_per_range = 32, autosummarize = on);

-- Whether a final log of another transaction before a log's place names an account in a topic, or one that was let go did. The planner
-- takes such filters for useless, and would read all logs: each topic is asked alone, and reading all is what it may not choose.
create function chain.is_named_before(of_chain bigint, asked bytea, block bigint, of_tx bytea, log integer)
    returns boolean stable language sql set enable_seqscan = off as $$
    select exists (
        select from (
            select * from
                (select * from chain.log where substring(topics from 1 for 32) = decode(repeat('00', 12), 'hex') || asked offset 0) first
            union all
            select * from
                (select * from chain.log where substring(topics from 33 for 32) = decode(repeat('00', 12), 'hex') || asked offset 0) second
            union all
            select * from
                (select * from chain.log where substring(topics from 65 for 32) = decode(repeat('00', 12), 'hex') || asked offset 0) third
        ) l
        join chain.block b on b.id = l.block_id
        where l.chain_id = of_chain and l.block_number <= block and b.status = 'finalized'
            and l.tx_hash <> of_tx and (l.block_number < block or l.log_index < log))
      or exists (select from chain.named n where n.chain_id = of_chain and n.account = asked and n.first_block < block)
$$;
