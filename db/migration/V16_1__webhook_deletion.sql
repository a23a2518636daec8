-- Safe online: yes. A new nullable column without a default; an old service deletes webhooks as before.
-- A deleted webhook is only marked; its deliveries are deleted in batches, because a cascade over 1,000,000 of them exceeds the statement timeout.

alter table webhook add column deleted_at timestamptz;
comment on column webhook.deleted_at is 'Marked as deleted; its deliveries and then the row are deleted in batches.';

do $$
begin
    if exists (select from pg_roles where rolname = 'longhaul_service') then
        grant delete on webhook_delivery to longhaul_service;
    end if;
end
$$;
