'use strict'
const { reporters, Runner } = require('mocha')

/** Mocha's usual report, closed by a line that is easy to find: `N passed, N failed`. */
module.exports = class Summary extends reporters.Spec {
  /** @param {import('mocha').Runner} runner @param {import('mocha').MochaOptions} options */
  constructor(runner, options) {
    super(runner, options)
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures } = this.stats
      console.log(`${passes} passed, ${failures} failed`)
    })
  }
}
