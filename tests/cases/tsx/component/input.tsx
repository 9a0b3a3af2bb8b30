import * as React from "react";

export interface Props {
  title: string;
  children?: React.ReactNode;
}

/** A box with a title. */
export const Panel: React.FC<Props> = ({ title, children }) => (
  <section>
    <h2>{title}</h2>
    {children}
  </section>
);

export default class Board extends React.Component<Props, { open: boolean }> {
  state = { open: false };

  private toggle = (): void => this.setState({ open: !this.state.open });

  render(): JSX.Element {
    return <Panel title={this.props.title}>{this.state.open && <p onClick={this.toggle} />}</Panel>;
  }
}
