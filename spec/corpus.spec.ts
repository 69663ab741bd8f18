import { expect } from 'chai'
import { join } from 'node:path'
import { markedSheets, surprises } from './support/marked.ts'

const FOLDERS = {
  corpus: 'derivations that people publish and check, right and wrong',
  traps: 'false claims that tempt a proof, true ones that tempt a refutation',
}

for (const [folder, what] of Object.entries(FOLDERS)) {
  describe(`spec/${folder}: ${what}`, () => {
    for (const { name, text } of markedSheets(join(import.meta.dirname, folder))) {
      it(`${name}: every claim gets a verdict that its mark allows`, () => {
        expect(surprises(text)).to.deep.equal([])
      }).timeout(60_000)
    }
  })
}
