-- The three roles of a Longhaul database. Run by a superuser before the migrations, which grant the roles their rights;
-- running it again changes nothing. Passwords are not set here: `alter role longhaul_service password '…'`.
--
--   longhaul_owner    owns the schema and runs the migrations (spring.flyway.user)
--   longhaul_service  the running service (spring.datasource.username): changes operations, only reads their history
--   longhaul_reader   auditors: the read-only views of schema audit, without inputs and outputs
do $$
declare
    role_name text;
begin
    foreach role_name in array array['longhaul_owner', 'longhaul_service', 'longhaul_reader'] loop
        if not exists (select from pg_roles where rolname = role_name) then
            execute format('create role %I login', role_name);
        end if;
    end loop;
end
$$;
