// Everything on this page comes from this service: no CDN, and no validator elsewhere.
SwaggerUIBundle({ url: '/api/v1/openapi.json', dom_id: '#api', deepLinking: true, validatorUrl: null });
