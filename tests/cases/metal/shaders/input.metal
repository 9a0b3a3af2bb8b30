struct VertexOut {
  float4 position [[position]];
  float2 uv;
};
vertex VertexOut vertexMain(uint id [[vertex_id]]) { return VertexOut(); }
fragment half4 fragmentMain(VertexOut in [[stage_in]]) { return half4(1); }
[[kernel]] void attributed(device int* p) { p[0] = 1; }
