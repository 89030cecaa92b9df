import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RoundRobin } from '../../../src/classifier/embedding/round-robin.js';

/** The members of the next `count` turns. */
function turns(members: RoundRobin<string>, count: number): string {
  return Array.from({ length: count }, () => {
    const first = members.first;
    if (first !== undefined) members.moveBack(first);
    return first ?? '-';
  }).join('');
}

function withMembers(names: string): RoundRobin<string> {
  const members = new RoundRobin<string>();
  for (const name of names) members.add(name);
  return members;
}

it('gives each member its turn in insertion order', () => {
  expect(turns(withMembers('abc'), 7)).toBe('abcabca');
});

it('has no first member when empty, and continues with members added later', () => {
  const members = withMembers('');
  expect(turns(members, 2)).toBe('--');
  members.add('a');
  members.add('b');
  expect(turns(members, 3)).toBe('aba');
});

it('puts a member that is deleted and added again behind all others', () => {
  const members = withMembers('ab');
  expect(members.first).toBe('a');
  members.delete('a');
  members.add('a');
  expect(turns(members, 3)).toBe('bab');
});

it('behaves like an array queue under random operations', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const step = fc.tuple(
    fc.constantFrom('add' as const, 'delete' as const, 'moveBack' as const, 'first' as const),
    name,
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const members = new RoundRobin<string>();
      let model: string[] = [];
      for (const [kind, member] of steps) {
        const others = model.filter((other) => other !== member);
        if (kind === 'first') expect(members.first).toBe(model[0]);
        else members[kind](member);
        if (kind === 'delete') model = others;
        if (kind === 'moveBack' && model.includes(member)) model = [...others, member];
        if (kind === 'add' && !model.includes(member)) model = [...model, member];
      }
      expect(turns(members, model.length)).toBe(model.join(''));
    }),
  );
});
