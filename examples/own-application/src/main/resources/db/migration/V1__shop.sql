create table purchase (
    id       bigserial primary key,
    customer text    not null,
    cents    bigint  not null,
    status   text    not null default 'new'
);
