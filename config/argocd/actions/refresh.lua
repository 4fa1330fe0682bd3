-- Requests a full validation.
if obj.metadata.annotations == nil then
  obj.metadata.annotations = {}
end
obj.metadata.annotations["storage.wandb.com/reconcile-requested-at"] = os.date("!%Y-%m-%dT%XZ")
return obj
