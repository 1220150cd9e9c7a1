/**
 * Plays scripts on the engine of ODK Web Forms: the lines of Oracle.java, in and out.
 *
 * Arguments: folder of the engine's package, folder that holds jsdom.
 */
import { webcrypto } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [engine, home] = process.argv.slice(2);
const { JSDOM } = createRequire(join(home, 'package.json'))('jsdom');
const page = new JSDOM('').window;
for (const name of [
    'DOMParser', 'XMLSerializer', 'Node', 'Element', 'Document', 'XMLDocument', 'Text',
    'Comment', 'Attr', 'document', 'NodeList', 'HTMLElement', 'File', 'FormData', 'Blob',
]) {
    globalThis[name] = page[name];
}
const entry = join(engine, 'dist', 'index.js');
globalThis.__dirname = join(engine, 'dist');
globalThis.require = createRequire(entry);
globalThis.crypto ??= webcrypto; // node 18, as Debian 12 has it
for (const name of ['log', 'warn', 'info', 'debug', 'error']) {
    console[name] = () => {};
}
const { loadForm } = await import(pathToFileURL(entry).href);

const QUESTIONS = new Set(['input', 'note', 'select', 'rank', 'range', 'trigger', 'upload']);
const RANGE = 'repeat-range';
const said = (text) => text?.asString ?? '';
const one = (text) => (text === '' ? [] : [text]);
const list = (text) => text.split(' ').filter((value) => value !== '');

class Played {
    constructor(root) {
        this.root = root;
        this.cells = new Map();
        this.shown = new Map();
    }

    *walk(node = this.root) {
        yield node;
        for (const child of node.currentState.children ?? []) {
            yield* this.walk(child);
        }
    }

    find(ref) {
        const plain = (path) => path.replace(/\/[\w.-]+:/g, '/');
        for (const node of this.walk()) {
            if (plain(node.currentState.reference) === plain(ref)) {
                return node;
            }
        }
        throw new Error(`no place ${ref}`);
    }

    act({ op, ref, text, name, rows }) {
        const [, range, place] = /^(.*)\[(\d+)\]$/.exec(ref ?? '') ?? [];
        if (op === 'set') {
            answer(this.find(ref), text);
        } else if (op === 'add') {
            this.find(range).addInstances(Number(place) - 2, 1);
        } else if (op === 'remove') {
            this.find(range).removeInstances(Number(place) - 1, 1);
        } else if (op === 'lang') {
            const { languages } = this.root;
            this.root.setLanguage(languages.find(({ language }) => language === name));
        }
        this.trim(rows ?? {});
    }

    trim(rows) {
        for (const [inner, wanted] of Object.entries(rows)) {
            const node = this.find(inner);
            const extra = node.currentState.children.length - wanted;
            if (extra > 0) {
                node.removeInstances(wanted, extra);
            }
        }
    }

    look(at) {
        const cells = new Map();
        const shown = new Map();
        for (const node of this.walk()) {
            const { reference, relevant, required, readonly, instanceValue } = node.currentState;
            const isRange = node.nodeType.startsWith(RANGE);
            if (!isRange) {
                cells.set(reference, [instanceValue ?? '', relevant, required, readonly]);
            }
            if (relevant && QUESTIONS.has(node.nodeType)) {
                shown.set(reference, prompt(node));
            } else if (relevant && (node.nodeType === 'group' || isRange)) {
                shown.set(reference, [said(node.currentState.label), '', true, []]);
            }
        }
        const gone = [...this.cells.keys()].filter((ref) => !cells.has(ref));
        const hidden = [...this.shown.keys()].filter((ref) => !shown.has(ref));
        const told = { at, gone, hidden };
        told.cells = changed(cells, this.cells);
        told.shown = changed(shown, this.shown);
        this.cells = cells;
        this.shown = shown;
        return told;
    }
}

function answer(node, text) {
    switch (node.nodeType) {
        case 'select':
            return node.selectValues(node.selectType === 'select1' ? one(text) : list(text));
        case 'rank':
            return node.setValues(list(text));
        case 'trigger':
            return node.setValue(text !== '');
        case 'upload':
            return node.setValue(text === '' ? null : new File([text], text));
        default:
            return node.setValue(text);
    }
}

function prompt(node) {
    const { label, hint, valueOptions } = node.currentState;
    const choices = (valueOptions ?? []).map((one) => [one.value, said(one.label)]);
    return [said(label), said(hint), node.validationState.constraint.valid, choices];
}

function changed(now, last) {
    const same = (ref) => JSON.stringify(now.get(ref)) === JSON.stringify(last.get(ref));
    return Object.fromEntries([...now].filter(([ref]) => !same(ref)));
}

let kept = {};

async function opened({ xml, files }) {
    if (kept.xml !== xml || kept.files !== files) {
        const fetchFormAttachment = async (url) => {
            const name = decodeURIComponent(String(url)).split('/').pop();
            return new Response(readFileSync(join(files, name)));
        };
        kept = { xml, files, form: await loadForm(xml, { fetchFormAttachment }) };
    }
    const { form } = kept;
    if (form.status === 'failure') {
        throw form.error;
    }
    const fileNameFactory = ({ basename, extension }) => `${basename}${extension ?? ''}`;
    return form.createInstance({ instanceAttachments: { fileNameFactory } }).root;
}

async function play(script) {
    let at = -1;
    try {
        const played = new Played(await opened(script));
        played.trim(script.rows);
        const looks = [played.look(at)];
        for (const action of script.actions) {
            at += 1;
            if (action.op === 'look') {
                looks.push(played.look(at));
            } else {
                played.act(action);
            }
        }
        const payload = await played.root.prepareInstancePayload({ payloadType: 'monolithic' });
        const xml = await text(payload.data[0].get('xml_submission_file'));
        return { looks, xml };
    } catch (fault) {
        const where = String(fault?.stack).split('\n').slice(1, 7).join(' ');
        return { error: `${fault?.name}: ${fault?.message}`, at, where };
    }
}

function text(file) {
    return new Promise((done) => {
        const reader = new page.FileReader();
        reader.onload = () => done(reader.result);
        reader.readAsText(file);
    });
}

for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await play(JSON.parse(line)))}\n`);
}
