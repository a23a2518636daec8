package dev.longhaul.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import tools.jackson.databind.json.JsonMapper;

/// Buffers JSON responses and sends their length. Otherwise each would be two chunks and two socket writes, and a
/// failing one would break off in the middle.
class BufferedJsonConverter extends JacksonJsonHttpMessageConverter {

    BufferedJsonConverter(JsonMapper json) {
        super(json);
    }

    @Override
    protected void writeInternal(Object object, ResolvableType type, HttpOutputMessage output,
            @Nullable Map<String, Object> hints) throws IOException {
        var bytes = new ByteArrayOutputStream(2_048);
        super.writeInternal(object, type, new HttpOutputMessage() {

            @Override
            public OutputStream getBody() {
                return bytes;
            }

            @Override
            public HttpHeaders getHeaders() {
                return output.getHeaders();
            }
        }, hints);
        output.getHeaders().setContentLength(bytes.size());
        bytes.writeTo(output.getBody());
    }
}
