import type { Tensor } from '../evaluate/tensor.ts'

/**
 * The share of samples that are classified rightly. With one class, an output above one half means 1; with more, the
 * largest along the axis that is not `samplesAxis` is taken. Both arrays have two axes.
 */
export function accuracy(predicted: Tensor, labels: Tensor, samplesAxis: 0 | 1): number {
  const samples = predicted.shape[samplesAxis]!
  const classes = predicted.shape[1 - samplesAxis]!
  const columns = predicted.shape[1]!
  let right = 0
  for (let sample = 0; sample < samples; sample++) {
    const at = (k: number): number => (samplesAxis === 1 ? k * columns + sample : sample * columns + k)
    if (classes === 1) {
      if (predicted.data[at(0)]! > 0.5 === labels.data[at(0)]! > 0.5) right++
      continue
    }
    let guess = 0
    let truth = 0
    for (let k = 1; k < classes; k++) {
      if (predicted.data[at(k)]! > predicted.data[at(guess)]!) guess = k
      if (labels.data[at(k)]! > labels.data[at(truth)]!) truth = k
    }
    if (guess === truth) right++
  }
  return right / samples
}
