// The pages that describe the API: starts the reader that the page brought along.
"use strict";
{
  const swagger = document.getElementById("swagger");
  const redoc = document.getElementById("redoc");
  if (swagger) {
    window.SwaggerUIBundle({ url: swagger.dataset.description, domNode: swagger, deepLinking: true, validatorUrl: null });
  }
  if (redoc) {
    // Its search would run in a worker made of a blob, which our policy does not let run.
    window.Redoc.init(redoc.dataset.description, { nonce: redoc.dataset.nonce, disableSearch: true, hideDownloadButton: true, nativeScrollbars: true }, redoc);
  }
}
