"""Runs every Python block of the reference document as printed, in order, against a running service, and compares
what the blocks print with the document's sample outputs.

python3 reference_document.py DOCUMENT BASE_URL

The document leaves some names to its reader: the MCPClient, three labels of a user interface, and `{...}`. They are
defined here. Durations of 10 s and more are shortened. httpx is the real one if it is installed, else `stdlib_httpx`.
"""
import ast
import asyncio
import contextlib
import functools
import inspect
import io
import json
import re
import sys
import urllib.request

try:
    import httpx
except ImportError:
    import stdlib_httpx
    sys.modules["httpx"] = stdlib_httpx

DOCUMENT, BASE_URL = sys.argv[1:]


class MCPClient:
    """Takes structuredContent if the result has it, and holds it against the text."""

    def __init__(self, base_url: str = BASE_URL):
        self.base_url = base_url

    async def call_and_parse(self, name: str, arguments):
        if arguments == {...}:
            arguments = {"task_type": "data_analysis", "duration_seconds": 1, "steps": 2}
        payload = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": arguments}}
        request = urllib.request.Request(f"{self.base_url}/mcp", json.dumps(payload).encode(), {
            "Content-Type": "application/json", "Accept": "application/json, text/event-stream"})
        result = json.loads(await asyncio.to_thread(lambda: urllib.request.urlopen(request).read()))["result"]
        text = json.loads(result["content"][0]["text"])
        assert result.get("structuredContent", text) == text, f"{name}: text and structured content differ: {result}"
        return result.get("structuredContent", text)


class Widget:
    """One label or bar of the document's user interface: keeps what it was last set to."""
    value = None

    def set_value(self, value):
        self.value = value

    set_text = set_value


def blocks(document: str, language: str):
    return re.findall(rf"```{language}\n(.*?)```", document, re.DOTALL)


def shortened(block: str):
    block = block.replace("http://localhost:8081", BASE_URL)
    return re.sub(r'(duration_seconds"?[=:] ?)(10|30)\b', r"\g<1>2", block)


async def printed(function):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        result = function()
        if inspect.isawaitable(result):
            await result
    return out.getvalue()


def require_sample(sample: str, output: str):
    """Polling may print one line several times; `{...}` stands for any object, eight hex digits for any."""
    lines = output.splitlines()
    lines = [line for n, line in enumerate(lines) if n == 0 or line != lines[n - 1]]
    pattern = re.escape(sample.strip()).replace(r"\{\.\.\.\}", r"\{.*\}").replace("cc31cfe9", "[0-9a-f]{8}")
    assert re.match(pattern, "\n".join(lines)), f"expected:\n{sample}\nprinted:\n{output}"


async def main():
    document = open(DOCUMENT, encoding="utf-8").read()
    code = blocks(document, "python")
    stream_sample, poll_sample = re.findall(r"\*\*Output:\*\*\n```\n(.*?)```", document, re.DOTALL)
    names = {"asyncio": asyncio, "json": json, "MCPClient": MCPClient, "client": MCPClient(),
             "progress_bar": Widget(), "status_label": Widget(), "eta_label": Widget()}

    async def run(block: str):
        compiled = compile(shortened(block), "block", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        await (printed(lambda: eval(compiled, names)))

    for block in code[:4]:
        await run(block)
    require_sample(stream_sample, await printed(names["main"]))
    require_sample(poll_sample, await printed(names["poll_example"]))

    await run(code[4])                                         # starts a task
    await run(code[5])                                         # prints its progress and status
    assert names["progress"]["data"]["status"] == "running", names["progress"]
    seen = []
    names["show_progress"] = seen.append
    # from here on the document passes neither base_url nor client
    names["stream_progress"] = functools.partial(names["stream_progress"], BASE_URL)
    names["poll_progress"] = functools.partial(names["poll_progress"], names["client"])
    await run(code[7])                                         # streams and polls it to its end
    await run(code[6])                                         # prints its output
    assert names["result"]["data"]["output"]["steps_completed"] == 10, names["result"]
    assert [data["progress"] for data in seen] == [10.0 * n for n in range(1, 11)] + [100.0], seen

    await run(code[8])
    ended = await names["safe_stream"](names["operation_id"])
    assert ended["status"] == ended["final_status"] == "completed", ended
    await run(code[9])
    for data in seen:
        names["on_progress"](data)
    assert names["progress_bar"].value == 100.0 and names["status_label"].value == "Completed 10 steps successfully"
    assert names["eta_label"].value.startswith("ETA: "), names["eta_label"].value

    await run(code[10])
    assert (await names["monitored_operation"]())["final_status"] == "completed"
    left = []

    async def broken(operation_id):
        left.append(operation_id)
        raise ConnectionError("the network is down")
    names["stream_progress"] = broken
    with contextlib.suppress(ConnectionError):
        await names["monitored_operation"]()
    cancelled = await names["client"].call_and_parse("wait_for_task", {"operation_id": left[0]})
    assert cancelled["data"]["status"] == "cancelled", cancelled

    missing = await names["client"].call_and_parse("get_task_progress", {"operation_id": "abc123"})
    assert missing["status"] == "error" and "abc123" in missing["error"], missing
    print(f"{len(code)} blocks ran as printed")

asyncio.run(main())
