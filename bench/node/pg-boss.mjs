import { PgBoss } from 'pg-boss';
import { count, serve } from './peer.mjs';

const boss = new PgBoss({ connectionString: process.argv[2], max: 6, schedule: false, useListenNotify: true });
boss.on('error', error => console.error(error));
await boss.start();
await boss.createQueue('bench', { notify: true });

// A batch is one fetch, one call and one completion; a full one is followed by the next at once.
await boss.work('bench', { batchSize: 1000, localConcurrency: 2, pollingIntervalSeconds: 0.5, notifyPollingIntervalSeconds: 0.5, burstWhenBatchFull: true },
    async jobs => count(jobs.length));

const jobs = Array.from({ length: 1000 }, () => ({ data: {} }));
await serve({ submit: size => boss.insert('bench', size === 1000 ? jobs : jobs.slice(0, size)) });
