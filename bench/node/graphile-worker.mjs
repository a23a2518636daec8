import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import { count, serve } from './peer.mjs';

// As its page on performance advises: a local queue, and completions in batches.
await run({
    connectionString: process.argv[2],
    noHandleSignals: true,
    logger: new Logger(() => () => {}),
    preset: { worker: { concurrentJobs: 24, maxPoolSize: 10, pollInterval: 500, localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    taskList: { bench: () => count(1) },
});

const utils = await makeWorkerUtils({ connectionString: process.argv[2] });
const jobs = Array.from({ length: 1000 }, () => ({ identifier: 'bench', payload: {} }));
await serve({ submit: size => utils.addJobs(jobs.slice(0, size)) });
