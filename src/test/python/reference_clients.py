"""Clients of the reference interface, as its document prints them, and the MCPClient they call: what users have today.

python3 reference_clients.py BASE_URL
"""
import asyncio
import sys

import aiohttp


class MCPClient:
    def __init__(self, base_url: str = "http://localhost:8081"):
        self.base_url = base_url

    async def call_and_parse(self, name: str, arguments: dict):
        payload = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": arguments}}
        headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
        async with aiohttp.ClientSession() as session:
            async with session.post(f"{self.base_url}/mcp", json=payload, headers=headers) as response:
                text = await response.text()
        for line in text.splitlines():
            if line.startswith("data:"):
                text = line[5:]
        return json.loads(json.loads(text)["result"]["content"][0]["text"])


# ---- from here on as printed in the document --------------------------------------------------------------------------

import httpx
import json

async def stream_progress(base_url: str, operation_id: str, callback=None):
    """Monitor progress via SSE streaming"""
    stream_url = f"{base_url}/progress/{operation_id}/stream"

    async with httpx.AsyncClient(timeout=300.0) as http_client:
        async with http_client.stream('GET', stream_url) as response:
            if response.status_code != 200:
                return {"status": "error", "error": f"HTTP {response.status_code}"}

            event_type = None
            final_data = None

            async for line in response.aiter_lines():
                if line.startswith('event:'):
                    event_type = line.split(':', 1)[1].strip()

                elif line.startswith('data:'):
                    data_str = line.split(':', 1)[1].strip()
                    try:
                        data = json.loads(data_str)
                    except json.JSONDecodeError:
                        continue

                    if event_type == 'progress':
                        final_data = data
                        if callback:
                            callback(data)

                    elif event_type == 'done':
                        if final_data:
                            final_data['final_status'] = data.get('status')
                        return final_data or data

                    elif event_type == 'error':
                        return {"status": "error", "error": data.get('error')}

    return final_data or {"status": "error", "error": "Stream ended"}


async def start_and_stream(base_url: str, task_type: str,
                          duration_seconds: int = 30, steps: int = 10,
                          callback=None):
    """Start task and stream progress"""
    client = MCPClient(base_url)

    # Start task
    response = await client.call_and_parse("start_long_task", {
        "task_type": task_type,
        "duration_seconds": duration_seconds,
        "steps": steps
    })

    if response.get('status') != 'success':
        return response

    operation_id = response['data']['operation_id']

    # Stream progress
    final_data = await stream_progress(base_url, operation_id, callback)

    # Get final result
    if final_data and final_data.get('status') == 'completed':
        result = await client.call_and_parse("get_task_result", {
            "operation_id": operation_id
        })
        return result

    return final_data


async def poll_progress(client: MCPClient, operation_id: str,
                       interval: float = 1.0, timeout: float = 300.0):
    """Poll for progress updates"""
    import time
    start_time = time.time()

    while time.time() - start_time < timeout:
        progress = await client.call_and_parse("get_task_progress", {
            "operation_id": operation_id
        })

        if progress.get('status') == 'success':
            data = progress['data']
            prog = data['progress']
            msg = data['message']
            status = data['status']

            print(f"{prog:.0f}% - {msg} [{status}]")

            if status == 'completed':
                return data
            elif status == 'failed':
                return {"status": "error", "error": data.get('error')}

        await asyncio.sleep(interval)

    return {"status": "error", "error": "Timeout"}


async def main():
    def on_progress(data):
        print(f"Progress: {data['progress']:.0f}% - {data['message']}")

    result = await start_and_stream(
        base_url=sys.argv[1],
        task_type="data_analysis",
        duration_seconds=10,
        steps=5,
        callback=on_progress
    )

    print(f"Final result: {result}")


async def poll_example():
    client = MCPClient(sys.argv[1])

    # Start task
    response = await client.call_and_parse("start_long_task", {
        "task_type": "data_processing",
        "duration_seconds": 5,
        "steps": 3
    })

    operation_id = response['data']['operation_id']
    print(f"Task started: {operation_id[:8]}...")

    # Poll for progress
    result = await poll_progress(client, operation_id)

    if result.get('status') == 'completed':
        print("Task completed!")
        final = await client.call_and_parse("get_task_result", {
            "operation_id": operation_id
        })
        print(f"Result: {final}")


# ---- end of the document -------------------------------------------------------------------------------------------------

asyncio.run(main())
asyncio.run(poll_example())
