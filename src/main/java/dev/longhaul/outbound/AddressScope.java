package dev.longhaul.outbound;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/// Whether outbound requests may connect to an address.
public enum AddressScope {

    /// A public address: always permitted.
    PUBLIC,
    /// This machine or its network: permitted only for hosts that the settings name.
    PRIVATE,
    /// Cloud metadata services, link-local, multicast and reserved addresses: never permitted.
    FORBIDDEN;

    /// The first block that contains an address decides. Addresses outside all blocks are public if IPv4 and forbidden
    /// if IPv6, because public IPv6 addresses are 2000::/3.
    private static final List<Block> BLOCKS = List.of(
            // cloud metadata services outside 169.254/16
            forbidden("100.100.100.200/32"), forbidden("168.63.129.16/32"), forbidden("fd00:ec2::254/128"),
            forbidden("fd20:ce::254/128"),
            forbidden("169.254.0.0/16"), forbidden("fe80::/10"),
            internal("127.0.0.0/8"), internal("10.0.0.0/8"), internal("172.16.0.0/12"), internal("192.168.0.0/16"),
            internal("100.64.0.0/10"),
            internal("::1/128"), internal("fc00::/7"),
            forbidden("0.0.0.0/8"), forbidden("192.0.0.0/24"), forbidden("192.0.2.0/24"), forbidden("192.88.99.0/24"),
            forbidden("198.18.0.0/15"),
            forbidden("198.51.100.0/24"), forbidden("203.0.113.0/24"), forbidden("224.0.0.0/3"),
            forbidden("2001::/23"), forbidden("2001:db8::/32"), forbidden("3fff::/20"), new Block("2000::/3", PUBLIC));

    /// IPv6 addresses that embed an IPv4 address, with its offset in bytes: mapped, compatible, translated, NAT64,
    /// 6to4.
    private static final List<EmbeddedIpv4> EMBEDDED_IPV4 = List.of(new EmbeddedIpv4("::ffff:0:0/96", 12),
            new EmbeddedIpv4("::/96", 12),
            new EmbeddedIpv4("::ffff:0:0:0/96", 12), new EmbeddedIpv4("64:ff9b::/96", 12),
            new EmbeddedIpv4("2002::/16", 2));

    private static final Block LOOPBACK = internal("::1/128");   // inside ::/96, but not an embedded IPv4 address

    public static AddressScope of(InetAddress address) {
        return of(address.getAddress());
    }

    private static AddressScope of(byte[] address) {
        for (var form : EMBEDDED_IPV4) {
            if (form.block.contains(address) && !LOOPBACK.contains(address)) {
                return of(Arrays.copyOfRange(address, form.offset, form.offset + 4));
            }
        }
        return BLOCKS.stream().filter(block -> block.contains(address)).map(Block::scope).findFirst()
                .orElse(address.length == 4 ? PUBLIC : FORBIDDEN);
    }

    private static Block forbidden(String block) {
        return new Block(block, FORBIDDEN);
    }

    private static Block internal(String block) {
        return new Block(block, PRIVATE);
    }

    private record EmbeddedIpv4(Block block, int offset) {

        EmbeddedIpv4(String block, int at) {
            this(forbidden(block), at);
        }
    }

    /// @param bits length of the prefix
    private record Block(byte[] first, int bits, AddressScope scope) {

        Block(String block, AddressScope scope) {
            this(bytes(block.substring(0, block.indexOf('/'))),
                    Integer.parseInt(block.substring(block.indexOf('/') + 1)), scope);
        }

        boolean contains(byte[] address) {
            if (address.length != first.length) {
                return false;
            }
            var whole = bits / 8;
            var rest = 0xFF00 >> bits % 8 & 0xFF;
            return Arrays.equals(address, 0, whole, first, 0, whole)
                    && (rest == 0 || ((address[whole] ^ first[whole]) & rest) == 0);
        }

        /// Java turns ::ffff:0:0 into an IPv4 address of 4 bytes.
        private static byte[] bytes(String literal) {
            var bytes = InetAddress.ofLiteral(literal).getAddress();
            if (literal.contains(":") && bytes.length == 4) {
                var mapped = new byte[16];
                mapped[10] = mapped[11] = (byte) 0xFF;
                System.arraycopy(bytes, 0, mapped, 12, 4);
                return mapped;
            }
            return bytes;
        }
    }
}
