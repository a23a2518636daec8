// The official client 2.x against the service, in the era that the second argument names: `auto` (2026-07-28) or `legacy` (a handshake).
import assert from 'node:assert/strict';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

const [url, era] = process.argv.slice(2);
const client = new Client({ name: 'tried', version: '1' }, { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode: era } });
client.setRequestHandler('elicitation/create', async () => ({ action: 'accept', content: { confirm: true } }));
await client.connect(new StreamableHTTPClientTransport(new URL(url)));
const version = client.getNegotiatedProtocolVersion();
assert.equal(version === '2026-07-28', era === 'auto', version);

const names = (await client.listTools()).tools.map(tool => tool.name);
assert.ok(names.includes('start_long_task') && names.includes('slow_compute'), names.join());
assert.ok((await client.listResources()).resources.some(resource => resource.uri === 'longhaul://queues'));
assert.match((await client.readResource({ uri: 'longhaul://queues' })).contents[0].text, /queues/);
assert.ok((await client.listPrompts()).prompts.some(prompt => prompt.name === 'investigate_failure'));
assert.ok((await client.complete({ ref: { type: 'ref/prompt', name: 'summarise_last_night' }, argument: { name: 'task_type', value: 'slow' } })).completion.values.includes('slow_compute'));

const told = [];
const computed = await client.callTool({ name: 'slow_compute', arguments: { seconds: 1, label: version } }, { onprogress: progress => told.push(progress.progress) });
assert.equal(computed.structuredContent.output.text, 'computed ' + version);
assert.ok(told.length > 2 && told.every((progress, n) => n === 0 || progress > told[n - 1]), told.join());

const deleted = await client.callTool({ name: 'confirm_delete', arguments: { filename: 'old.txt' } });
assert.equal(deleted.structuredContent.output.text, 'deleted old.txt');

const started = await client.callTool({ name: 'start_long_task', arguments: { task_type: 'slow_compute', input: { seconds: 0.5 } } });
const waited = await client.callTool({ name: 'wait_for_task', arguments: { operation_id: started.structuredContent.data.operation_id } });
assert.equal(waited.structuredContent.data.status, 'completed');
assert.equal((await client.callTool({ name: 'slow_compute', arguments: { seconds: 'long' } })).isError, true);
await assert.rejects(client.callTool({ name: 'wash_dishes', arguments: {} }));
await client.close();
console.log(`client 2.x speaks ${version}`);
