// The official SDK 1.x, whose newest revision is 2025-11-25, against the service.
import assert from 'node:assert/strict';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { CallToolResultSchema, ElicitRequestSchema, ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';

const client = new Client({ name: 'tried', version: '1' }, { capabilities: { elicitation: {}, tasks: { requests: { elicitation: { create: {} } } } } });
client.setRequestHandler(ElicitRequestSchema, async () => ({ action: 'accept', content: { confirm: true } }));
const transport = new StreamableHTTPClientTransport(new URL(process.argv[2]));
await client.connect(transport);
assert.ok(transport.sessionId);

const names = (await client.listTools()).tools.map(tool => tool.name);
assert.ok(names.includes('slow_compute'), names.join());
const told = [];
const computed = await client.callTool({ name: 'slow_compute', arguments: { seconds: 4, label: 'it' } }, undefined, { onprogress: progress => told.push(progress.progress) });
assert.equal(computed.structuredContent.output.text, 'computed it');
assert.ok(told.length > 2 && told.every((progress, n) => n === 0 || progress > told[n - 1]), told.join());
assert.equal((await client.callTool({ name: 'confirm_delete', arguments: { filename: 'old.txt' } })).structuredContent.output.text, 'deleted old.txt');

// The experimental tasks of 2025-11-25.
const said = [];
for await (const message of client.experimental.tasks.callToolStream({ name: 'confirm_delete', arguments: { filename: 'task.txt' } }, CallToolResultSchema, { task: { ttl: 60000 } })) {
  said.push(message.type);
  if (message.type === 'result') {
    assert.equal(message.result.structuredContent.output.text, 'deleted task.txt');
  }
  assert.notEqual(message.type, 'error', JSON.stringify(message));
}
assert.ok(said.includes('taskCreated') && said.includes('result'), said.join());

const started = await client.callTool({ name: 'start_long_task', arguments: { task_type: 'slow_compute', input: { seconds: 5 } } });
const uri = 'longhaul://operations/' + started.structuredContent.data.operation_id;
const updated = new Promise(resolve => client.setNotificationHandler(ResourceUpdatedNotificationSchema, async notification => resolve(notification.params.uri)));
await client.subscribeResource({ uri });
assert.equal(await updated, uri);
await client.setLoggingLevel('debug');
await client.ping();
await transport.terminateSession();
await client.close();
console.log('SDK 1.x speaks ' + transport.protocolVersion);
