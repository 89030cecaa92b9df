import { readFile } from 'node:fs/promises';
import { projectFile } from './dist.js';

/** A request in a document and the answer that the document shows. */
export interface DocExample {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
  answer: { status: number; headers: Record<string, string>; body: string };
}

/** Returns the text of a document of the project. */
export async function readDoc(name: string): Promise<string> {
  return await readFile(projectFile(name), 'utf8');
}

/** Returns the contents of all code blocks of a language. */
export function codeBlocks(doc: string, language: string): string[] {
  return [...doc.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'g'))].map(([, code = '']) => code);
}

/** Returns the examples of a document: pairs of `http` blocks. An answer begins with status and Content-Type. */
export function docExamples(doc: string): DocExample[] {
  const blocks = codeBlocks(doc, 'http').map(parse);
  const examples: DocExample[] = [];
  for (let i = 0; i + 1 < blocks.length; i += 2) {
    const [sent, got] = blocks.slice(i, i + 2) as [Block, Block];
    const [method = '', url = ''] = sent.first.split(' ');
    const [status = '', ...type] = got.first.split(' ');
    examples.push({
      method,
      url,
      headers: sent.headers,
      body: sent.body,
      answer: {
        status: Number(status),
        headers: { ...got.headers, ...(type.length === 0 ? {} : { 'content-type': type.join(' ') }) },
        body: got.body.trimEnd(),
      },
    });
  }
  return examples;
}

interface Block {
  first: string;
  headers: Record<string, string>;
  body: string;
}

/** Splits a block into its first line, its headers and its body. */
function parse(block: string): Block {
  const [head = '', ...rest] = block.split('\n\n');
  const [first = '', ...lines] = head.trimEnd().split('\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const [name = '', ...value] = line.split(': ');
      return [name.toLowerCase(), value.join(': ')];
    }),
  );
  return { first, headers, body: rest.join('\n\n') };
}
