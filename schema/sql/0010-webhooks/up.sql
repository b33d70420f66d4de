-- Webhooks by Standard Webhooks. What happened is written to the outbox in the transaction of its events; a sender makes of it one
-- delivery an endpoint, and keeps what became of each attempt.
create schema webhook;

create table webhook.endpoint (
  id               text primary key,
  space            text not null,
  url              text not null,
  events           text[] not null,
  secret           bytea not null check (length(secret) between 24 and 64),
  -- The secret before the last rotation, with which is signed as well until then.
  previous_secret  bytea,
  previous_until   timestamptz,
  registered_by    bytea not null check (length(registered_by) = 20),
  registered_at    timestamptz not null,
  disabled_at      timestamptz,
  disabled_reason  text,
  check ((disabled_at is null) = (disabled_reason is null))
);

create index endpoint_space on webhook.endpoint (space, id);

-- One row an event that anybody may hear of; gone when its deliveries are there.
create table webhook.outbox (
  event_id  uuid primary key,
  space     text not null,
  type      text not null,
  subject   text not null,
  at        timestamptz not null default now()
);

create table webhook.delivery (
  endpoint      text not null references webhook.endpoint,
  event_id      uuid not null,
  space         text not null,
  type          text not null,
  subject       text not null,
  at            timestamptz not null,
  state         text not null default 'WAITING' check (state in ('WAITING', 'DELIVERED', 'FAILED')),
  attempts      integer not null default 0,
  next_at       timestamptz not null,
  primary key (endpoint, event_id)
);

create index delivery_due on webhook.delivery (next_at) where state = 'WAITING';
create index delivery_log on webhook.delivery (endpoint, at desc, event_id);

create table webhook.attempt (
  endpoint  text not null,
  event_id  uuid not null,
  at        timestamptz not null,
  status    integer,
  problem   text,
  took_ms   integer not null,
  primary key (endpoint, event_id, at),
  foreign key (endpoint, event_id) references webhook.delivery
);
