-- Safe online: yes. A column without a default; who does not know it writes none.
alter table idempotency_key add column operation_ids uuid[];
comment on column idempotency_key.operation_ids is 'Of a key that stands for a batch: all its operations, in its order.';
