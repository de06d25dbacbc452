# SPDX-License-Identifier: ISC
"""A road to a name server that is long and bad, for tests:

    dns_proxy.py LISTEN:PORT SERVER:PORT [delay=MS] [drop=PERCENT] [tcp=no]
                 [strip=yes]

Packets over UDP and TCP arrive after a delay; of those over UDP some are
lost, by a random sequence that is the same each time.  tcp=no: closes what
comes over TCP.  strip=yes: takes the request for DNSSEC out of questions, as
old resolvers do.  Says "ready" when it listens.
"""
import asyncio
import random
import struct
import sys

delay = 0.0
drop = 0
tcp = strip = None
chance = random.Random(8460)


def place(text):
    host, port = text.rsplit(":", 1)
    return host, int(port)


def lost():
    return chance.randrange(100) < drop


def changed(packet):
    """The packet with the DO bit of its OPT record, its last one, off."""
    if strip and packet[10:12] == b"\0\1" and packet[-11:-8] == b"\0\0\x29":
        return packet[:-4] + b"\0\0" + packet[-2:]
    return packet


class Way(asyncio.DatagramProtocol):
    """One question on its way to the server, and its answer back."""

    def __init__(self, front, client, packet):
        self.front, self.client, self.packet = front, client, packet

    def connection_made(self, transport):
        self.transport = transport
        transport.sendto(self.packet)
        asyncio.get_running_loop().call_later(10, transport.close)

    def datagram_received(self, data, _):
        if not lost():
            asyncio.get_running_loop().call_later(
                delay / 2, self.front.sendto, data, self.client)
        self.transport.close()


class Front(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, client):
        if not lost():
            asyncio.ensure_future(self.forward(changed(data), client))

    async def forward(self, packet, client):
        await asyncio.sleep(delay / 2)
        await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: Way(self.transport, client, packet), remote_addr=server)


async def serve_tcp(reader, writer):
    try:
        if tcp:
            up_reader, up_writer = await asyncio.open_connection(*server)
            while True:
                size = await reader.readexactly(2)
                packet = changed(
                    await reader.readexactly(struct.unpack(">H", size)[0]))
                await asyncio.sleep(delay)
                up_writer.write(struct.pack(">H", len(packet)) + packet)
                size = await up_reader.readexactly(2)
                writer.write(size + await up_reader.readexactly(
                    struct.unpack(">H", size)[0]))
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main():
    await asyncio.get_running_loop().create_datagram_endpoint(
        Front, local_addr=listen)
    await asyncio.start_server(serve_tcp, *listen)
    print("ready", flush=True)
    await asyncio.Event().wait()


listen, server = place(sys.argv[1]), place(sys.argv[2])
settings = dict(word.split("=") for word in sys.argv[3:])
delay = int(settings.get("delay", 0)) / 1000
drop = int(settings.get("drop", 0))
tcp = settings.get("tcp") != "no"
strip = settings.get("strip") == "yes"
asyncio.run(main())
