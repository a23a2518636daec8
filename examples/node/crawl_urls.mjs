// A Longhaul worker that reads a list of web pages. Needs only Node 18 or newer.
//
//     node crawl_urls.mjs http://localhost:8081
//
// Input: {"urls": ["http://127.0.0.1:8000/a", …]}.
// Kill it at any time and start it again: finished pages are not requested again.
const SERVICE = (process.argv[2] ?? "http://localhost:8081") + "/api/v1";
const TYPE = {
  type: "crawl_urls",
  description: "Reads web pages: their status, title and links.",
  input_schema: {
    type: "object", required: ["urls"], additionalProperties: false,
    properties: {
      urls: { type: "array", minItems: 1, maxItems: 10000, items: { type: "string", pattern: "^https?://" } },
    },
  },
};

class Refused extends Error {}      // a 4xx response: repeating the request would not help
class RunStopped extends Error {}   // the operation was cancelled or paused

/** Retries until the service answers. */
async function call(path, body) {
  for (;;) {
    try {
      const headers = { "Content-Type": "application/json" };
      const answer = await fetch(SERVICE + path, { method: "POST", headers, body: JSON.stringify(body) });
      if (answer.status < 400) return answer.status === 204 ? {} : await answer.json();
      if (answer.status < 500) throw new Refused((await answer.json()).code);
    } catch (failed) {
      if (failed instanceof Refused) throw failed;
    }
    await new Promise((wake) => setTimeout(wake, 500));
  }
}

async function workLoop() {
  for (;;) {
    const { worker_id: worker } = await call("/workers", { name: "crawl-urls", exclusive: true, types: [TYPE] });
    try {
      for (;;) {
        const { claims } = await call(`/workers/${worker}:claim`, { wait_seconds: 20, runs: [] });
        for (const claim of claims) await run(claim);
      }
    } catch (failed) {
      if (failed.message !== "worker-lost") throw failed;
    }
  }
}

async function run(claim) {
  const send = async (verb, body = {}) => {
    const { command } = await call(`/operations/${claim.operation_id}/run:${verb}`, { run_id: claim.run_id, ...body });
    if (command) throw new RunStopped();
  };
  try {
    await send("complete", { output: await crawl(claim.input.urls, claim.steps, send) });
  } catch (failed) {
    if (failed instanceof RunStopped) await send("release");
    else if (failed instanceof Refused) console.error(`operation ${claim.operation_id}: lease lost, ${failed.message}`);
    else await send("fail", { type: failed.name, message: failed.message || failed.name, trace: failed.stack });
  }
}

async function crawl(urls, finished, send) {
  const pages = [];
  for (const [n, url] of urls.entries()) {
    const name = `page-${n + 1}`;
    const page = finished[name] ?? await read(url);
    if (!finished[name]) await send("step", { name, result: page });
    pages.push(page);
    await send("report", { current: n + 1, total: urls.length, message: url });
  }
  const broken = pages.filter((page) => page.status >= 400).map((page) => page.url);
  return { pages: pages.length, broken, titles: pages.map((page) => page.title) };
}

async function read(url) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(20_000) });
  const text = await answer.text();
  const title = /<title>([^<]*)/i.exec(text)?.[1] ?? null;
  return { url, status: answer.status, title, links: [...text.matchAll(/href="([^"]+)"/gi)].map((link) => link[1]) };
}

await workLoop();
