// VS Code's JSON language service: requests as JSON lines on standard input, an answer to each on standard output.
const { readFileSync } = require("node:fs");
const { createInterface } = require("node:readline");
const { getLanguageService, TextDocument } = require("vscode-json-languageservice");

const schema = JSON.parse(readFileSync(process.argv[2], "utf8"));
const uri = "file:///spec.json";
const service = getLanguageService({ clientCapabilities: { textDocument: { completion: { completionItem: { documentationFormat: [] } } } } });
service.configure({ validate: true, schemas: [{ uri: "file:///schema.json", fileMatch: ["*.json"], schema }] });

async function answer({ method, text, line, character }) {
  const document = TextDocument.create(uri, "json", 1, text);
  const parsed = service.parseJSONDocument(document);
  const position = { line, character };
  if (method === "diagnostics") return service.doValidation(document, parsed);
  if (method === "completion") return (await service.doComplete(document, position, parsed)).items;
  return service.doHover(document, position, parsed);
}

(async () => {
  for await (const request of createInterface({ input: process.stdin })) {
    process.stdout.write(JSON.stringify((await answer(JSON.parse(request))) ?? null) + "\n");
  }
})();
