package dev.longhaul.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AddressScopeTest {

    @ParameterizedTest(name = "{0} is {1}")
    @MethodSource("addressesInEveryForm")
    void anAddressHasOneScopeInEveryForm(String address, AddressScope scope) throws UnknownHostException {
        assertThat(AddressScope.of(InetAddress.getByName(address))).isEqualTo(scope);
    }

    static Stream<Arguments> addressesInEveryForm() {
        var forbidden = Stream.of("0.0.0.0", "0.0.0.1", "0.255.255.255", "169.254.0.0", "169.254.169.254",
                "169.254.255.255", "100.100.100.200", "168.63.129.16",
                "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.19.255.255", "198.51.100.7",
                "203.0.113.7", "224.0.0.1", "239.255.255.255",
                "240.0.0.1", "255.255.255.255").flatMap(address -> forms(address, AddressScope.FORBIDDEN));
        var internal = Stream.of("127.0.0.1", "127.255.255.255", "10.0.0.0", "10.255.255.255", "172.16.0.0",
                "172.31.255.255", "192.168.0.1", "192.168.255.255",
                "100.64.0.0", "100.127.255.255").flatMap(address -> forms(address, AddressScope.PRIVATE));
        var open = Stream.of("1.0.0.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
                "128.0.0.0", "169.253.255.255", "169.255.0.0",
                "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0",
                "223.255.255.255").flatMap(address -> forms(address, AddressScope.PUBLIC));
        return Stream.of(forbidden, internal, open).flatMap(arguments -> arguments);
    }

    private static Stream<Arguments> forms(String address, AddressScope scope) {
        var parts = Stream.of(address.split("\\.")).map(Integer::parseInt).toList();
        var hex = "%02x%02x:%02x%02x".formatted(parts.toArray());
        var plain = List.of(address, "::ffff:" + address, "::ffff:" + hex, "64:ff9b::" + address, "64:ff9b::" + hex,
                "::ffff:0:" + hex, "2002:" + hex + "::1");
        // :: and ::1 do not embed an IPv4 address
        var compatible = hex.equals("0000:0001") || hex.equals("0000:0000")
                ? Stream.<String>empty() : Stream.of("::" + address);
        return Stream.concat(plain.stream(), compatible).map(form -> Arguments.of(form, scope));
    }

    @ParameterizedTest
    @CsvSource({"::, FORBIDDEN", "::1, PRIVATE", "fc00::1, PRIVATE", "fdff::1, PRIVATE", "fd00:ec2::254, FORBIDDEN",
            "fd20:ce::254, FORBIDDEN", "fe80::1, FORBIDDEN", "febf::1, FORBIDDEN",
            "fec0::1, FORBIDDEN", "ff02::1, FORBIDDEN", "64:ff9b:1::1, FORBIDDEN", "100::1, FORBIDDEN",
            "2001::1, FORBIDDEN",
            "2001:db8::1, FORBIDDEN", "3fff::1, FORBIDDEN", "5f00::1, FORBIDDEN",
            "4000::1, FORBIDDEN", "2001:200::1, PUBLIC", "2606:4700:4700::1111, PUBLIC",
            "2a00:1450:4001:800::200e, PUBLIC"})
    void anIpv6AddressHasAScope(String address, AddressScope scope) throws UnknownHostException {
        assertThat(AddressScope.of(InetAddress.getByName(address))).isEqualTo(scope);
    }
}
