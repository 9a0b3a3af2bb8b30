import React, { useState } from "react";

@observer
export class Counter extends React.Component {
  state = { count: 0 };

  @action.bound
  increment() {
    this.setState({ count: this.state.count + 1 });
  }

  render() {
    return <button onClick={() => this.increment()}>{this.state.count}</button>;
  }
}

/** A name that can be edited. */
export const Name = ({ value, onChange }) => {
  const [draft, setDraft] = useState(value);
  function commit() {
    onChange(draft);
  }
  return <input value={draft} onBlur={commit} />;
};

export default React.memo(Name);

function broken( {
