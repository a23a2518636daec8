"""The part of httpx that the reference document uses, by the standard library: AsyncClient.stream and aiter_lines.

Like httpx it ends a line at every line boundary that Unicode knows.
"""
import asyncio
import contextlib
import urllib.parse


class Response:
    def __init__(self, status_code, reader):
        self.status_code = status_code
        self.reader = reader

    async def aiter_lines(self):
        """Expects the chunked body of HTTP/1.1."""
        rest = ""
        while size := int(await self.reader.readline(), 16):
            rest += (await self.reader.readexactly(size)).decode()
            await self.reader.readline()
            *lines, rest = (rest + "\0").splitlines()
            rest = rest[:-1]
            for line in lines:
                yield line


class AsyncClient:
    def __init__(self, timeout=None):
        self.timeout = timeout

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        pass

    @contextlib.asynccontextmanager
    async def stream(self, method, url):
        address = urllib.parse.urlsplit(url)
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        try:
            writer.write(f"{method} {address.path} HTTP/1.1\r\nHost: {address.netloc}\r\nAccept: */*\r\n\r\n".encode())
            await writer.drain()
            status = int((await reader.readline()).split()[1])
            while (await reader.readline()).strip():
                pass
            yield Response(status, reader)
        finally:
            writer.close()
