// A Longhaul worker that reads a list of web pages. Node 18 or newer, no dependency.
//
//     node crawl_urls.mjs http://localhost:8081
//
// Input: {"urls": ["http://127.0.0.1:8000/a", …]}. Kill it at any moment and start it again: pages that were read are not asked for again.
const SERVICE = (process.argv[2] ?? "http://localhost:8081") + "/api/v1";
const TYPE = {
  type: "crawl_urls",
  description: "Reads web pages; tells their status, title and links.",
  input_schema: {
    type: "object", required: ["urls"], additionalProperties: false,
    properties: { urls: { type: "array", minItems: 1, maxItems: 10000, items: { type: "string", pattern: "^https?://" } } },
  },
};

class Refused extends Error {}      // an answer of 4xx: repeating the request would not help
class ToldToStop extends Error {}   // somebody cancelled or paused the operation

/** Until there is an answer: while the service is away, nothing is lost. */
async function call(path, body) {
  for (;;) {
    try {
      const answer = await fetch(SERVICE + path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
      if (answer.status < 400) return answer.status === 204 ? {} : await answer.json();
      if (answer.status < 500) throw new Refused((await answer.json()).code);
    } catch (failed) {
      if (failed instanceof Refused) throw failed;
    }
    await new Promise((wake) => setTimeout(wake, 500));
  }
}

async function workForEver() {
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
  const say = async (verb, words = {}) => {
    const { command } = await call(`/operations/${claim.operation_id}/run:${verb}`, { run_id: claim.run_id, ...words });
    if (command) throw new ToldToStop();
  };
  try {
    await say("complete", { output: await crawl(claim.input.urls, claim.steps, say) });
  } catch (failed) {
    if (failed instanceof ToldToStop) await say("release");
    else if (failed instanceof Refused) console.error(`operation ${claim.operation_id} is not ours any more: ${failed.message}`);
    else await say("fail", { type: failed.name, message: failed.message || failed.name, trace: failed.stack });
  }
}

async function crawl(urls, finished, say) {
  const pages = [];
  for (const [n, url] of urls.entries()) {
    const name = `page-${n + 1}`;
    const page = finished[name] ?? await read(url);
    if (!finished[name]) await say("step", { name, result: page });
    pages.push(page);
    await say("report", { current: n + 1, total: urls.length, message: url });
  }
  return { pages: pages.length, broken: pages.filter((page) => page.status >= 400).map((page) => page.url), titles: pages.map((page) => page.title) };
}

async function read(url) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(20_000) });
  const text = await answer.text();
  return { url, status: answer.status, title: /<title>([^<]*)/i.exec(text)?.[1] ?? null, links: [...text.matchAll(/href="([^"]+)"/gi)].map((link) => link[1]) };
}

await workForEver();
