-- Safe online: yes. Indexes that reading by tags, metadata and time needs; none names a column that a progress report changes.
--
-- Only operations that have tags or metadata are in the first two, so that the others cost nothing.
create index operation_tags on operation using gin (tags) where tags <> '{}';
create index operation_metadata on operation using gin (metadata jsonb_path_ops) where metadata <> '{}';
-- History is only added to, so a block range's times lie close together: what people did lately is found without an entry for every change.
create index operation_history_at on operation_history using brin (at) with (pages_per_range = 32, autosummarize = on);
