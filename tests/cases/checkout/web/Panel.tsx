import React from "react";

export const Panel = ({ title }: { title: string }) => <h1>{title}</h1>;
