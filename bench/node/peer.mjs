// What both peers have in common: `submit N` on stdin, in batches of 1,000, and `pace N PER_SECOND`, one by one;
// `ready`, `submitted` and `ran N` on stdout.
import { createInterface } from 'node:readline';

export async function serve({ submit }) {
    console.log('ready');
    for await (const line of createInterface({ input: process.stdin })) {
        if (line.startsWith('pace ')) {
            await pace(submit, ...line.split(' ').slice(1).map(Number));
            console.log('submitted');
            continue;
        }
        for (let left = Number(line.split(' ')[1]); left > 0; left -= 1000) {
            await submit(Math.min(1000, left));
        }
        console.log('submitted');
    }
    process.exit(0);
}

/** One job and one commit each, at an even pace. */
async function pace(submit, count, perSecond) {
    const begin = performance.now();
    const submissions = [];
    for (let n = 0; n < count; n++) {
        const wait = begin + n * 1000 / perSecond - performance.now();
        if (wait > 1) {
            await new Promise(resolve => setTimeout(resolve, wait));
        }
        submissions.push(submit(1));
    }
    await Promise.all(submissions);
}

let ran = 0;
let told = 0;

/** Tells how many have run in all, at most a hundred times a second. */
export function count(jobs) {
    if (ran === told) {
        setTimeout(() => console.log(`ran ${told = ran}`), 10);
    }
    ran += jobs;
}
