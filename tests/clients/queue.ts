/** What is pushed becomes what is pulled. */
export class Queue implements AsyncIterable<any> {
  private items: any[] = [];
  private wake = () => {};
  private over: { problem?: unknown } | undefined;

  push(item: any) {
    this.items.push(item);
    this.wake();
  }

  end(problem?: unknown) {
    this.over = { problem };
    this.wake();
  }

  async *[Symbol.asyncIterator]() {
    while (true) {
      if (this.items.length > 0) {
        yield this.items.shift();
      } else if (this.over) {
        if (this.over.problem)
          throw this.over.problem;
        return;
      } else {
        await new Promise<void>(resolve => (this.wake = resolve));
      }
    }
  }
}
