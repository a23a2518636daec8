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

/// Answers of JSON are made before they are sent, and say how long they are. Else each would be two chunks, and two
/// writes to its socket; and one that cannot be made would break off in the middle.
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
