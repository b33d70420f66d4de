-- How far a chain has come besides its head and its final block, for views: nothing acts on these.
alter table chain.cursor add column safe_number bigint, add column posted_number bigint;
