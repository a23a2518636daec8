create table operation (id bigserial primary key, surgeon text);
create table purchase (id bigserial primary key, customer text not null, paid boolean not null default false);
