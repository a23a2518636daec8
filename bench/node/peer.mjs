// What both peers have in common: `submit N` on stdin, in batches of 1,000; `ready`, `submitted` and `ran N` on stdout.
import { createInterface } from 'node:readline';

export async function serve({ submit }) {
    console.log('ready');
    for await (const line of createInterface({ input: process.stdin })) {
        for (let left = Number(line.split(' ')[1]); left > 0; left -= 1000) {
            await submit(Math.min(1000, left));
        }
        console.log('submitted');
    }
    process.exit(0);
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
