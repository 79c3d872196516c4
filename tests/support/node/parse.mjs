// Reads an AsyncAPI document from standard input; writes what the parser has to say about it.
import { readFileSync } from "node:fs";
import parser from "@asyncapi/parser";

const { document, diagnostics } = await new parser.Parser().parse(readFileSync(0, "utf8"));
const found = diagnostics.map(({ code, severity, message, path }) => ({ code, severity, message, path }));
const messages = document?.allMessages().all() ?? [];
console.log(JSON.stringify({
  valid: document !== undefined,
  version: document?.version(),
  messages: messages.length,
  operations: document?.operations().all().map((operation) => operation.id()) ?? [],
  diagnostics: found,
}));
