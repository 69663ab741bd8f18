import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { VERSION } from '../../src/cli/version.ts'

describe('VERSION', () => {
  it('is that of the package', () => {
    const file = join(import.meta.dirname, '../../package.json')
    expect(VERSION).to.equal((JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version)
  })
})
