package dev.longhaul.outbound;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/// From where an address can be reached, and so whether a request may go there.
public enum AddressScope {

    /// Everywhere.
    PUBLIC,
    /// This machine, or the network it is in: only where the settings say so.
    PRIVATE,
    /// Metadata services of clouds, link-local, multicast, and what is no address of a host: no setting opens these.
    NEVER;

    /// The first block that holds an address decides. What is in none is public as IPv4, and nothing as IPv6, where
    /// public addresses are 2000::/3.
    private static final List<Block> BLOCKS = List.of(
            // metadata outside 169.254/16
            never("100.100.100.200/32"), never("168.63.129.16/32"), never("fd00:ec2::254/128"),
            never("fd20:ce::254/128"),
            never("169.254.0.0/16"), never("fe80::/10"),
            inside("127.0.0.0/8"), inside("10.0.0.0/8"), inside("172.16.0.0/12"), inside("192.168.0.0/16"),
            inside("100.64.0.0/10"),
            inside("::1/128"), inside("fc00::/7"),
            never("0.0.0.0/8"), never("192.0.0.0/24"), never("192.0.2.0/24"), never("192.88.99.0/24"),
            never("198.18.0.0/15"),
            never("198.51.100.0/24"), never("203.0.113.0/24"), never("224.0.0.0/3"),
            never("2001::/23"), never("2001:db8::/32"), never("3fff::/20"), new Block("2000::/3", PUBLIC));

    /// IPv6 addresses that stand for an IPv4 address, and at which byte that begins: mapped, compatible, translated,
    /// NAT64, 6to4.
    private static final List<Carrier> CARRIERS = List.of(new Carrier("::ffff:0:0/96", 12), new Carrier("::/96", 12),
            new Carrier("::ffff:0:0:0/96", 12), new Carrier("64:ff9b::/96", 12), new Carrier("2002::/16", 2));

    private static final Block LOOPBACK = inside("::1/128");   // lies among the compatible ones, and is none of them

    public static AddressScope of(InetAddress address) {
        return of(address.getAddress());
    }

    private static AddressScope of(byte[] address) {
        for (var carrier : CARRIERS) {
            if (carrier.block.holds(address) && !LOOPBACK.holds(address)) {
                return of(Arrays.copyOfRange(address, carrier.at, carrier.at + 4));
            }
        }
        return BLOCKS.stream().filter(block -> block.holds(address)).map(Block::reach).findFirst()
                .orElse(address.length == 4 ? PUBLIC : NEVER);
    }

    private static Block never(String block) {
        return new Block(block, NEVER);
    }

    private static Block inside(String block) {
        return new Block(block, PRIVATE);
    }

    private record Carrier(Block block, int at) {

        Carrier(String block, int at) {
            this(never(block), at);
        }
    }

    /// @param bits how many of `first` all addresses of the block have in common
    private record Block(byte[] first, int bits, AddressScope reach) {

        Block(String block, AddressScope reach) {
            this(bytes(block.substring(0, block.indexOf('/'))),
                    Integer.parseInt(block.substring(block.indexOf('/') + 1)), reach);
        }

        boolean holds(byte[] address) {
            if (address.length != first.length) {
                return false;
            }
            var whole = bits / 8;
            var rest = 0xFF00 >> bits % 8 & 0xFF;
            return Arrays.equals(address, 0, whole, first, 0, whole)
                    && (rest == 0 || ((address[whole] ^ first[whole]) & rest) == 0);
        }

        /// ::ffff:0:0 would become an IPv4 address otherwise.
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
