"""Files that hold templates in whatever form: each is read once, as the CloudFormation template it equals.

``reading.read_plan`` recognises the forms: CloudFormation and SAM, plans and states of Terraform and
OpenTofu, programs, previews and states of Pulumi, the Serverless Framework, what AWS's own command prints and
takes, and bodies alone or anywhere else.
"""
