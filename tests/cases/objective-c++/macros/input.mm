@implementation Module

RCT_EXPORT_MODULE()

RCT_EXPORT_METHOD(show : (NSString *)text)
{
  [self show];
}

RCT_NOT_IMPLEMENTED(-(instancetype)init)

- (dispatch_queue_t)methodQueue
{
  return dispatch_get_main_queue();
}

@end
