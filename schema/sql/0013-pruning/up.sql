-- Headers without logs, and forks that lost, are let go far below the promoted block, by ranges of blocks; up to here that was done.
alter table chain.cursor add column pruned_number bigint not null default 0;
